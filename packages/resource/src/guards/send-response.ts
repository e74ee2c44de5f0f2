import type { ServerResponse } from 'node:http'

/** Sends a response of the web as one of Node. */
export async function sendResponse(response: ServerResponse, sent: Response): Promise<undefined> {
  for (const [name, value] of sent.headers) response.setHeader(name, value)
  response.statusCode = sent.status
  response.end(await sent.text())
  return undefined
}
