/** PostgreSQL: two transactions waited for each other, and this one was ended. */
const DEADLOCK = '40P01';
const ATTEMPTS = 3;

/** Does a transaction's work again where it was ended for another one's sake. */
export async function againAfterDeadlock<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt === ATTEMPTS || (error as { code?: unknown }).code !== DEADLOCK) throw error;
    }
  }
}
