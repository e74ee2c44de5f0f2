import type { DeviceAuthorization, GrantRequestOptions, PollOptions } from '@latchkey/core/grants'

/** What hooks call instead of functions that need a real client. */
export interface TestDouble {
  /** As `deviceAuthorization` of `@latchkey/core/grants`. */
  readonly deviceAuthorization: (options: GrantRequestOptions & PollOptions) => Promise<DeviceAuthorization>
}

const testDoubles = new WeakMap<object, TestDouble>()

/** Marks a client of `@latchkey/react/testing`. */
export function registerTestDouble(client: object, double: TestDouble): void {
  testDoubles.set(client, double)
}

/** @returns undefined for a real client */
export function testDoubleOf(client: object): TestDouble | undefined {
  return testDoubles.get(client)
}
