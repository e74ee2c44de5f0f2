// Sends the same request many times, some concurrently, and reports the responses per second. Runs as a worker thread.
import { Agent, request } from 'node:http'
import { parentPort } from 'node:worker_threads'

/** @typedef {{ url: string, body: string, count: number, concurrency: number }} Load */

/**
 * @param {Load} load
 * @param {Agent} agent
 * @returns {Promise<void>}
 */
function ask({ url, body }, agent) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }
    const outgoing = request(url, { method: 'POST', agent, headers }, (response) => {
      response
        .resume()
        .once('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`status ${response.statusCode}`))))
    })
    outgoing.once('error', reject).end(body)
  })
}

/** @param {Load} load */
async function fire(load) {
  const agent = new Agent({ keepAlive: true, maxSockets: load.concurrency })
  const startedAt = performance.now()
  let left = load.count
  await Promise.all(
    Array.from({ length: load.concurrency }, async () => {
      while (left-- > 0) await ask(load, agent)
    }),
  )
  agent.destroy()
  return load.count / ((performance.now() - startedAt) / 1000)
}

parentPort?.on('message', (/** @type {Load} */ load) => {
  void fire(load).then(
    (rate) => parentPort?.postMessage({ rate }),
    (error) => parentPort?.postMessage({ error: String(error) }),
  )
})
