/** Returns the body of a message as text; undefined if it has more bytes than the limit. Throws a TypeError for text that is not UTF-8. */
export async function readBounded(message: Pick<Request | Response, 'body'>, limit: number): Promise<string | undefined> {
  const reader = message.body?.getReader()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let size = 0
  let text = ''
  for (let result = await reader?.read(); result && !result.done; result = await reader?.read()) {
    size += result.value.byteLength
    if (size > limit) {
      // Not awaited: the copy of a body is only cancelled once the host has read or cancelled the other one.
      reader?.cancel().catch(() => undefined)
      return undefined
    }
    text += decoder.decode(result.value, { stream: true })
  }
  return text + decoder.decode()
}
