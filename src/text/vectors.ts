/** Embeddings as they are kept: of length 1, as 32-bit floats in little endian, with a string of their signs to look for them by. */
export function ofLengthOne(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return length === 0 ? vector : vector.map((x) => x / length);
}

/** One bit a dimension, set where it is positive. */
export const signsOf = (vector: Float32Array): string => Array.from(vector, (x) => (x > 0 ? '1' : '0')).join('');

export function bytesOf(vector: Float32Array): Buffer {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [at, x] of vector.entries()) bytes.writeFloatLE(x, at * 4);
  return bytes;
}

/** The cosine of a stored vector and a question's; 0 where they are of different lengths. */
export function cosine(stored: Buffer, question: Float32Array): number {
  if (stored.length !== question.length * 4) return 0;
  let sum = 0;
  for (const [at, x] of question.entries()) sum += x * stored.readFloatLE(at * 4);
  return sum;
}
