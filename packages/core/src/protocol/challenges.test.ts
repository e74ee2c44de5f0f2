import { expect, it } from 'vitest'
import { readChallenges } from './challenges.js'

it('a header that would block the page for seconds is ignored', async () => {
  const read = (parameters: string): ReturnType<typeof readChallenges> =>
    readChallenges(
      new Response(null, { status: 401, headers: { 'www-authenticate': `Bearer error="invalid_token"${parameters}` } }),
    )
  expect(await read('')).toHaveLength(1)
  expect(await read(`, a="${'a'.repeat(9000)}"`)).toEqual([])
})
