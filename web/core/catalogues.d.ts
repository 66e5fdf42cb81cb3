/* Made by web/words.mjs from web/words/*.json. */
declare module "words:*" {
    const catalogue: Record<string, string>;
    export default catalogue;
}
