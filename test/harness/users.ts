/** The users of every server in the tests. */
export interface User {
  readonly sub: string
  readonly name: string
  readonly email: string
}

export const alice: User = { sub: 'user-alice', name: 'Alice Archer', email: 'alice@example.com' }
export const bob: User = { sub: 'user-bob', name: 'Bob Baker', email: 'bob@example.com' }
export const users: readonly User[] = [alice, bob]

export function findUser(sub: string): User | undefined {
  return users.find((user) => user.sub === sub)
}
