/** Parameters of the address of an error page. */
const ERROR_PARAMETERS = ['error', 'error_code', 'error_description', 'error_subcode', 'message', 'authError']

/** @returns the visible text of a page, with what the addresses on the way say about an error */
export function serverPageText(html: string, addresses: readonly string[]): string {
  const details = addresses.flatMap((address) => {
    const { searchParams } = new URL(address)
    return ERROR_PARAMETERS.flatMap((name) =>
      searchParams.getAll(name).map((value) => (name === 'authError' ? decoded(value) : value)),
    )
  })
  // Entra's error page has its text in a script.
  const codes = html.match(/AADSTS\d+:[^"\\<]{0,300}/)?.[0] ?? ''
  return [...details, codes, visibleText(html)].filter(Boolean).join(' ')
}

/** Google has the error in base64 with binary parts. */
function decoded(value: string): string {
  try {
    return atob(value.replaceAll('-', '+').replaceAll('_', '/')).replaceAll(/[^\x20-\x7e]+/g, ' ')
  } catch {
    return ''
  }
}

function visibleText(html: string): string {
  return (
    html
      .replaceAll(/<(script|style|head|template)\b[\s\S]*?<\/\1\s*>/gi, ' ')
      // A heading has no full stop before the text behind it.
      .replaceAll(/([^\s.!?:…>])\s*<\/h[1-6]\s*>(?=(?:\s|<[^>]*>)*[^\s<])/gi, '$1: ')
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/&quot;|&#34;|&#x22;/gi, '"')
      .replaceAll(/&#39;|&#x27;|&apos;/gi, "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&')
      .replaceAll(/\s+/g, ' ')
      .trim()
  )
}
