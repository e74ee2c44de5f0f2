import type { Connection } from '../connection/connection.js'
import { signInCode } from './sample.js'

/** One piece of code that a page shows. */
export interface CodeSample {
  readonly name: string
  readonly code: string
}

/** Every sample of every page with every option, for the test that compiles them. */
export function codeSamples(connection: Connection): readonly CodeSample[] {
  return [
    { name: 'code flow', code: signInCode({ connection }) },
    { name: 'pushed request', code: signInCode({ connection, props: ['par'] }) },
  ]
}
