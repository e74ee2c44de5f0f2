/** The members of a Hono request that its form is read by. */
interface ReadRequest {
  /** What a handler has read. */
  readonly bodyCache: { readonly formData?: unknown }
  readonly text: () => Promise<string>
  readonly formData: () => Promise<FormData>
}

/** Returns the form that a handler of Hono has read; empty if it cannot be read. Hono would return a cached `FormData` as multipart text. */
export async function cachedForm(request: ReadRequest): Promise<URLSearchParams> {
  try {
    if (!request.bodyCache.formData) return new URLSearchParams(await request.text())
    const form = new URLSearchParams()
    for (const [name, value] of await request.formData()) if (typeof value === 'string') form.append(name, value)
    return form
  } catch {
    return new URLSearchParams()
  }
}
