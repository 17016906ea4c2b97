/** Lint rules. The import directions are the architecture (docs/architecture.md §3); each says why it stands. */
import eslint from "@eslint/js";
import { defineConfig } from "eslint/config";
import { importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

interface Layer {
  readonly folder: string;
  readonly mayImport: readonly string[];
  readonly why: string;
}

const LAYERS: readonly Layer[] = [
  {
    folder: "domain",
    mayImport: [],
    why: "The domain is pure: rules without I/O, clock or platform, so that the simulator and every test run the same ones.",
  },
  {
    folder: "contracts",
    mayImport: ["domain"],
    why: "Contracts are shared by worker, queues and web, so they may rest only on the domain.",
  },
  {
    folder: "adapters",
    mayImport: ["domain", "contracts"],
    why: "An adapter takes plain arguments and answers plain values; it must not know who calls it.",
  },
  {
    folder: "durable-objects",
    mayImport: ["domain", "contracts", "adapters"],
    why: "Objects are addressed by queues and worker, so they cannot depend on either.",
  },
  {
    folder: "queues",
    mayImport: ["domain", "contracts", "adapters", "durable-objects"],
    why: "Consumers are put together by the worker, the only composition root.",
  },
];

/**
 * What asks the network by itself, each at an address of our configuration and never at one that a request brought. Stripe, Neon,
 * Upstash, Access and the accounts library ask through their own clients, which get their addresses where they are made.
 */
const ASKS_THE_NETWORK = ["src/worker/routes/health.ts", "src/adapters/turnstile/turnstile.ts"];

function restrictedGlobal(name: string) {
  const message =
    "No address that somebody gave us is ever asked for: see ASKS_THE_NETWORK in eslint.config.ts.";
  return { name, message };
}

const SOURCES = ["domain", "contracts", "adapters", "durable-objects", "queues", "worker"];

function zones() {
  const inside = LAYERS.map(({ folder, mayImport, why }) => ({
    target: `./src/${folder}`,
    from: [
      "./web",
      ...SOURCES.filter((name) => name !== folder && !mayImport.includes(name)).map(
        (name) => `./src/${name}`,
      ),
    ],
    message: why,
  }));
  return [
    ...inside,
    {
      target: "./web",
      from: ["./src/adapters", "./src/durable-objects", "./src/queues", "./src/worker"],
      message:
        "Pages are functions of plain values: they take only domain and contracts, and the worker wires them.",
    },
    {
      target: ["./src", "./web"],
      from: ["./local", "./tests"],
      message: "What is deployed never depends on the local platform or on tests.",
    },
  ];
}

export default defineConfig(
  {
    ignores: [
      "dist/",
      ".wrangler/",
      ".local*/",
      "worker-configuration.d.ts",
      "migrations/",
      "local/{stripe,turnstile}/browser/**/*.js",
      // Around the built Worker, inside the runtime.
      "local/built-store/counted/*.js",
    ],
  },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: [
          "./tsconfig.json",
          "./tsconfig.node.json",
          "./tsconfig.browser.json",
          "./tsconfig.service-worker.json",
        ],
      },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { "import-x": importX },
    rules: {
      "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones: zones() }],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidOperator: true, ignoreVoidReturningFunctions: true },
      ],
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { prefer: "type-imports", fixStyle: "inline-type-imports" },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/only-throw-error": ["error", { allowThrowingUnknown: true }],
      "@typescript-eslint/return-await": ["error", "error-handling-correctness-only"],
      "@typescript-eslint/no-unnecessary-condition": "error",
      "@typescript-eslint/prefer-promise-reject-errors": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["**/*.test.{ts,tsx}", ...ASKS_THE_NETWORK],
    rules: {
      "no-restricted-globals": ["error", ...["fetch", "WebSocket", "EventSource"].map(restrictedGlobal)],
      "no-restricted-imports": [
        "error",
        { name: "cloudflare:sockets", message: "Only the adapters' own libraries open connections." },
      ],
    },
  },
  {
    files: ["src/domain/**/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        { name: "Date", message: "Time is passed in: the domain has no clock." },
        { name: "fetch", message: "The domain does no I/O." },
        { name: "crypto", message: "Randomness is passed in, so that a simulation repeats." },
      ],
      "no-restricted-properties": [
        "error",
        {
          object: "Math",
          property: "random",
          message: "Randomness is passed in, so that a simulation repeats.",
        },
      ],
    },
  },
  {
    files: ["src/{domain,contracts,adapters}/**/*.ts", "web/**/*.{ts,tsx}"],
    ignores: ["**/*.test.ts", "**/*.test.tsx"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "TSTypeReference[typeName.name='Env']",
          message: "Only durable-objects, queues and worker see Env: everything else takes plain arguments.",
        },
      ],
    },
  },
  {
    // A poll also trusts the clock to tell that the computer slept; nothing that a shopper sees depends on it.
    files: ["web/islands/**/*.ts"],
    ignores: ["**/*.test.ts", "web/islands/poll.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        {
          object: "Date",
          property: "now",
          message: "A shopper's clock is wrong: serverNow() for moments, performance.now() for durations.",
        },
      ],
    },
  },
  {
    // Tests of the real thing: they may start the local platform and share its fixtures.
    files: ["**/*.test.{ts,tsx}", "**/*-test-fixture.ts", "tests/**/*.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off", "import-x/no-restricted-paths": "off" },
  },
);
