/** The manifest that the asset build writes. Declared, so that types can be checked before the first build. */
declare module "*/asset-manifest.json" {
  const manifest: Record<string, string>;
  export default manifest;
}

/** The tokens that the asset build reads out of web/styles/tokens.css. */
declare module "*/design-tokens.json" {
  const tokens: Record<"light" | "dark", Record<string, string>>;
  export default tokens;
}
