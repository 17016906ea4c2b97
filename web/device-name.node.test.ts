import { describe, expect, it } from "vitest";
import { deviceName } from "./device-name.ts";

const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)";

describe("a device's name", () => {
  it("is the browser and the system, as its owner would say", () => {
    const names = {
      [`${MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15`]: "Safari on Mac",
      [`${MAC} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36`]: "Chrome on Mac",
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0":
        "Edge on Windows",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1":
        "Safari on iPhone",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140.0 Mobile/15E148 Safari/604.1":
        "Chrome on iPhone",
      "Mozilla/5.0 (Linux; Android 15; SM-S921B) SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36":
        "Samsung Internet on Android",
      "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox on Linux",
    };
    for (const [userAgent, name] of Object.entries(names)) expect(deviceName(userAgent)).toBe(name);
  });

  it("claims nothing of what it does not know", () => {
    expect([deviceName(null), deviceName("curl/8.9"), deviceName("something (Windows)")]).toEqual([
      "Unknown device",
      "Unknown device",
      "Windows",
    ]);
  });
});
