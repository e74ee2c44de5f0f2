// A small HTTP client with one connection and a cookie jar: what a browser or an app does. It takes its turns with the server on the same
// cores, so it writes and reads the socket itself: the client of Node takes longer for a request than either server.
import { connect } from 'node:net'

/** @typedef {{ status: number, location: string | undefined, text: string }} Reply */
/** @typedef {{ body?: URLSearchParams | string | undefined, headers?: Record<string, string> }} Options */
/** @typedef {{ status: number, headers: readonly (readonly [string, string])[], text: string }} Received */

export class HttpClient {
  /** @type {Map<string, string>} */
  #cookies = new Map()
  /** @type {import('node:net').Socket | undefined} */
  #socket
  #received = ''
  /** @type {{ resolve: (received: Received) => void, reject: (error: unknown) => void } | undefined} */
  #waiting

  /**
   * @param {string} url
   * @param {Options} [options]
   * @returns {Promise<Reply>}
   */
  async send(url, { body, headers = {} } = {}) {
    const text = body?.toString()
    const pathStart = url.indexOf('/', 'http://'.length)
    const host = url.slice('http://'.length, pathStart)
    const all = { host, cookie: this.#cookieHeader(), ...headers, ...(text !== undefined && formHeaders(text)) }
    let head = `${text === undefined ? 'GET' : 'POST'} ${url.slice(pathStart)} HTTP/1.1\r\n`
    for (const [name, value] of Object.entries(all)) if (value !== '') head += `${name}: ${value}\r\n`
    const { status, headers: received, text: content } = await this.#exchange(host, `${head}\r\n${text ?? ''}`)
    this.#keepCookies(received.filter(([name]) => name === 'set-cookie').map(([, value]) => value))
    return { status, location: received.find(([name]) => name === 'location')?.[1], text: content }
  }

  /**
   * @param {string} host
   * @param {string} message
   * @returns {Promise<Received>}
   */
  #exchange(host, message) {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#socket ??= this.#open(host)
      this.#socket.write(message, 'latin1')
    })
  }

  /** @param {string} host */
  #open(host) {
    const [name = '', port = '80'] = host.split(':')
    const socket = connect({ host: name, port: Number(port), noDelay: true })
    socket.setEncoding('latin1')
    socket.on('data', (/** @type {string} */ chunk) => {
      this.#received += chunk
      const received = parseResponse(this.#received)
      if (!received) return
      this.#received = ''
      this.#waiting?.resolve(received)
    })
    socket.once('error', (error) => this.#waiting?.reject(error))
    socket.once('close', () => {
      if (this.#socket === socket) this.#socket = undefined
      this.#waiting?.reject(new Error('the server has closed the connection'))
    })
    return socket
  }

  #cookieHeader() {
    return Array.from(this.#cookies, ([name, value]) => `${name}=${value}`).join('; ')
  }

  /** @param {readonly string[]} headers */
  #keepCookies(headers) {
    for (const header of headers) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? []
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(header)) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
  }

  close() {
    this.#socket?.destroy()
  }
}

/**
 * @param {string} text all that was received since the request
 * @returns {Received | undefined} undefined as long as the response is not complete
 */
function parseResponse(text) {
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return /** @type {const} */ ([line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()])
  })
  const body = text.slice(end + 4)
  const isChunked = headers.some(([name, value]) => name === 'transfer-encoding' && value === 'chunked')
  const length = Number(headers.find(([name]) => name === 'content-length')?.[1] ?? 0)
  const content = isChunked ? readChunks(body) : body.length >= length ? body : undefined
  return content === undefined ? undefined : { status: Number(first.split(' ')[1]), headers, text: content }
}

/** @param {string} body */
function readChunks(body) {
  let content = ''
  for (let rest = body; ;) {
    const end = rest.indexOf('\r\n')
    const size = Number.parseInt(rest, 16)
    if (end === -1 || rest.length < end + 4 + size) return undefined
    if (size === 0) return content
    content += rest.slice(end + 2, end + 2 + size)
    rest = rest.slice(end + 4 + size)
  }
}

/** @param {string} text */
function formHeaders(text) {
  return { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(Buffer.byteLength(text)) }
}
