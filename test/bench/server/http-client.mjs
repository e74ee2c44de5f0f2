// A small HTTP client with one connection and a cookie jar: what a browser or an app does, at little cost.
import { Agent, request } from 'node:http'

/** @typedef {{ status: number, location: string | undefined, text: string }} Reply */
/** @typedef {{ body?: URLSearchParams | string | undefined, headers?: Record<string, string> }} Options */

export class HttpClient {
  /** @type {Map<string, string>} */
  #cookies = new Map()
  #agent = new Agent({ keepAlive: true, maxSockets: 1 })

  /**
   * @param {string} url
   * @param {Options} [options]
   * @returns {Promise<Reply>}
   */
  send(url, { body, headers = {} } = {}) {
    const text = body?.toString()
    const all = { cookie: this.#cookieHeader(), ...headers, ...(text !== undefined && formHeaders(text)) }
    return new Promise((resolve, reject) => {
      const method = text === undefined ? 'GET' : 'POST'
      const outgoing = request(url, { method, agent: this.#agent, headers: all }, (response) => {
        this.#keepCookies(response.headers['set-cookie'])
        let received = ''
        response.setEncoding('utf8')
        response.on('data', (/** @type {string} */ chunk) => (received += chunk))
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, location: response.headers.location, text: received }),
        )
      })
      outgoing.once('error', reject).end(text)
    })
  }

  #cookieHeader() {
    return Array.from(this.#cookies, ([name, value]) => `${name}=${value}`).join('; ')
  }

  /** @param {readonly string[] | undefined} headers */
  #keepCookies(headers = []) {
    for (const header of headers) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? []
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(header)) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
  }

  close() {
    this.#agent.destroy()
  }
}

/** @param {string} text */
function formHeaders(text) {
  return { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(Buffer.byteLength(text)) }
}
