import type { ServerResponse } from 'node:http'

/** The part of Fastify's reply that a guard needs. */
export interface FastifyGuardReply {
  /** Sets the status. */
  code(status: number): unknown
  /** Sets a header. */
  header(name: string, value: string): unknown
  /** Sends the body. */
  send(body: string): unknown
}

/** Sends the refusal of a guard as the response of Node. */
export async function sendRefusal(response: ServerResponse, refusal: Response): Promise<undefined> {
  response.writeHead(refusal.status, Object.fromEntries(refusal.headers))
  response.end(await refusal.text())
  return undefined
}

/** Sends the refusal of a guard as the reply of Fastify. */
export async function replyRefusal(reply: FastifyGuardReply, refusal: Response): Promise<unknown> {
  reply.code(refusal.status)
  for (const [name, value] of refusal.headers) reply.header(name, value)
  return reply.send(await refusal.text())
}
