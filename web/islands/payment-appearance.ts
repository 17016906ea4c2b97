/** Makes Stripe's Payment Element look like the rest of the page, in light and in dark. */

/** Values are read from the page's own tokens; resolved through a probe, since Stripe takes plain colours only. */
export function paymentAppearance(): unknown {
  const style = getComputedStyle(document.documentElement);
  const color = (token: string) => resolved(style.getPropertyValue(token));
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  return {
    theme: dark ? "night" : "stripe",
    variables: {
      fontFamily: getComputedStyle(document.body).fontFamily,
      fontSizeBase: "16px",
      borderRadius: "10px",
      colorPrimary: color("--accent"),
      colorBackground: color("--field"),
      colorText: color("--text"),
      colorTextSecondary: color("--text-soft"),
      colorDanger: color("--danger"),
    },
  };
}

/** Any CSS colour as `rgb()`. */
function resolved(value: string): string {
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) return value.trim();
  context.fillStyle = value.trim();
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}
