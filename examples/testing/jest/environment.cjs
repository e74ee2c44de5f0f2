const { TestEnvironment } = require('jest-environment-jsdom')

/** Of Node, because jsdom lacks them, and bytes of its own realm are refused by Node's cryptography. */
const GLOBALS = {
  ...{ fetch, Headers, Request, Response, Blob, FormData, URL, URLSearchParams },
  ...{ ReadableStream, TransformStream, WritableStream, TextDecoder, TextEncoder, TextDecoderStream, TextEncoderStream },
  ...{ BroadcastChannel, structuredClone, Uint8Array, ArrayBuffer },
}

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup()
    Object.assign(this.global, GLOBALS)
    Object.defineProperty(this.global, 'crypto', { value: crypto })
  }
}
