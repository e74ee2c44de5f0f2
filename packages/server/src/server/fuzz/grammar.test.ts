import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findProblem } from './check-response.fixture.js'
import { fuzzServer, type FuzzServer } from './fuzz-server.fixture.js'
import { fuzzValues, type FuzzValues } from './fuzz-values.fixture.js'
import { mutateRequest } from './mutations.fixture.js'
import { choose, seededRandom, type RequestTemplate } from './request-template.fixture.js'
import { watchSlowText, type SlowText } from './slow-text.fixture.js'
import { sendTemplate } from './send-template.fixture.js'
import { VALID_REQUESTS } from './valid-requests.fixture.js'

/** `npm run more:fuzz` sends more; FUZZ_RUNS sets the number. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? (import.meta.env.MODE === 'all' ? 50_000 : 750))
/** The gate sends the same requests in every run, `npm run more:fuzz` as many new ones. FUZZ_SEED repeats a run. */
const SEEDS = [
  1,
  Number(process.env['FUZZ_SEED'] ?? (import.meta.env.MODE === 'all' ? crypto.getRandomValues(new Uint32Array(1))[0] : 2)),
]
/** Requests that once found a fault. A failure adds its own: commit it with the fix. */
const CORPUS = fileURLToPath(new URL('fuzz-corpus.json', import.meta.url))
const HANG_MS = 90_000

let world: FuzzServer
let values: FuzzValues
let slow: SlowText
const rejections: unknown[] = []
const onRejection = (error: unknown): void => void rejections.push(error)

beforeAll(async () => {
  process.on('unhandledRejection', onRejection)
  slow = watchSlowText()
  world = await fuzzServer()
  values = await fuzzValues(world)
})
afterAll(() => {
  process.off('unhandledRejection', onRejection)
  slow.stop()
})

/** Sends a request. Returns what is wrong with the response. */
async function problemOf(template: RequestTemplate): Promise<string | undefined> {
  world.clock.advance(2)
  let timer: ReturnType<typeof setTimeout> | undefined
  const hang = new Promise<string>((resolve) => (timer = setTimeout(() => resolve('no response'), HANG_MS)))
  const check = async (): Promise<string | undefined> => {
    const response = await sendTemplate(template, world, values)
    return response && findProblem(response)
  }
  const problem = await Promise.race([check(), hang])
  clearTimeout(timer)
  const faults = [...world.faults.splice(0), ...rejections.splice(0), ...slow.found.splice(0)].map(String)
  return faults.length > 0 ? `${problem ?? ''} ${faults.join(' ')}` : problem
}

function readCorpus(): readonly RequestTemplate[] {
  return JSON.parse(readFileSync(CORPUS, 'utf8')) as RequestTemplate[]
}

async function expectNoProblem(template: RequestTemplate): Promise<void> {
  const problem = await problemOf(template)
  if (problem === undefined) return
  const known = readCorpus()
  const isNew = !known.some((one) => JSON.stringify(one) === JSON.stringify(template))
  if (isNew) writeFileSync(CORPUS, `${JSON.stringify([...known, template], null, 2)}\n`)
  expect.fail(`${problem}: ${JSON.stringify(template).slice(0, 2000)}`)
}

describe('every endpoint', () => {
  it.each(VALID_REQUESTS.map((template) => [template.name, template] as const))(
    'accepts a valid request: %s',
    async (_name, template) => {
      await values.renew()
      const response = await sendTemplate(template, world, values)
      expect([response?.status, await response?.clone().text()]).toEqual([
        expect.toSatisfy((status) => status < 400),
        expect.anything(),
      ])
      expect(response && (await findProblem(response))).toBeUndefined()
    },
  )

  it.each(readCorpus().map((template) => [template.name, template] as const))(
    'refuses what once was a fault: %s',
    async (_name, template) => {
      await values.renew()
      await expectNoProblem(template)
    },
  )

  it.each(SEEDS)(
    'responds to changed requests without a fault (FUZZ_SEED=%i)',
    async (seed) => {
      const random = seededRandom(seed)
      for (let run = 0; run < RUNS; run += 1) {
        if (run % 50 === 0) await values.renew()
        await expectNoProblem(mutateRequest(choose(VALID_REQUESTS, random), random))
      }
    },
    3_600_000,
  )
})
