/** The manifest that the asset build writes. Declared, so that types can be checked before the first build. */
declare module "*/asset-manifest.json" {
  const manifest: Record<string, string>;
  export default manifest;
}
