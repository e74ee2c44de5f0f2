/** A larger document is cut off: no key set and no page needs more. */
const MAX_BYTES = 512 * 1024

/** @returns the start of a body as text; what has arrived, if the connection breaks */
export async function readStart(response: Response): Promise<string> {
  if (!response.body) return ''
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  try {
    while (size < MAX_BYTES) {
      const { value, done } = await reader.read()
      if (done) break
      size += value.byteLength
      text += decoder.decode(value, { stream: true })
    }
  } catch {
    return text
  }
  void reader.cancel().catch(() => undefined)
  return text
}
