const REGIONS = ['North', 'South', 'East', 'West', 'Centre'];
const CHANNELS = ['shop', 'web', 'phone'];

/** A table of orders as CSV, in pieces: the same one each time. */
export function* csvOf(rows: number): Generator<string> {
  let seed = 20_241_127;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  let piece = 'order_id,day,region,product,channel,quantity,amount,rating\n';
  for (let i = 1; i <= rows; i++) {
    const day = new Date(Date.UTC(2020, 0, 1 + random(1_826))).toISOString().slice(0, 10);
    const amount = (random(100_000) / 100).toFixed(2);
    const rating = random(10) === 0 ? '' : String(1 + random(5));
    piece += `O-${i},${day},${REGIONS[random(5)]},Product ${random(200)},${CHANNELS[random(3)]},${1 + random(20)},${amount},${rating}\n`;
    if (piece.length > 1 << 18) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
}
