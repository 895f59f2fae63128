export default async function tearDown() {
  await globalThis.engramTestServer?.close();
}
