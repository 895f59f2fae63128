/** Who is asking. Every service method that touches a user's data takes it (or its id) first. */
export interface Actor {
  readonly id: string;
  readonly email: string;
  readonly role: 'user' | 'admin';
}
