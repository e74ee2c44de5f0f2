import type { StoryStep } from '../story.js'

type Texts = Pick<StoryStep, 'title' | 'explanation' | 'spec'> & Partial<StoryStep>

/** A request of the app to the server's token endpoint. */
export function tokenStep(texts: Texts): StoryStep {
  return { id: 'token-request', from: 'app', to: 'server', role: 'token-request', ...texts }
}

/** Something that the app does by itself. */
export function appStep(id: string, texts: Texts): StoryStep {
  return { id, from: 'app', to: 'app', ...texts }
}

/** Something that the server does by itself. */
export function serverStep(id: string, texts: Texts): StoryStep {
  return { id, from: 'server', to: 'server', ...texts }
}

/** A call of an API. */
export function apiStep(id: string, texts: Texts): StoryStep {
  return { id, from: 'app', to: 'api', role: 'api', ...texts }
}

/** A step in which the app reads the server's metadata, for flows without a sign-in page. */
export const metadataStep: StoryStep = {
  id: 'discovery',
  from: 'app',
  to: 'server',
  title: 'The program reads the server’s metadata',
  explanation: 'A document at a well-known path lists the token endpoint and what the server supports. It is cached.',
  spec: 'RFC 8414, section 3',
  role: 'discovery',
}
