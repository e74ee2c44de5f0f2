/** What the option `hardening` of the plugin does. */
export interface HardeningOptions {
  /**
   * Remove an authorization response from the page's URL before any other script of the page runs, with an inline script that is the first
   * in `<head>`. The client gets it through the settings: pass all of `virtual:latchkey`. Default true.
   */
  readonly callback?: boolean | undefined
  /**
   * Report after `vite build` what a Content Security Policy and Trusted Types would refuse, and write the policy to set: true for the
   * folder `latchkey-report` of the project, the path of another folder, or false. Default true.
   */
  readonly report?: boolean | string | undefined
  /** Sources to add to directives of the policy: `{ 'img-src': ['https://images.example.com'] }`. */
  readonly sources?: Readonly<Record<string, readonly string[]>> | undefined
}

/** The option, with its defaults. */
export interface Hardening {
  readonly callback: boolean
  /** A folder. */
  readonly report: string | undefined
  readonly sources: Readonly<Record<string, readonly string[]>>
}

const FOLDER = 'latchkey-report'
const DIRECTIVE = /^[a-z]+(?:-[a-z]+)*$/
/** What would end a directive, or the header. */
const BREAKS_POLICY = /[\s;,]/

/** @throws Error that names the member that cannot work */
export function resolveHardening(given: boolean | HardeningOptions | undefined): Hardening {
  if (!given) return { callback: false, report: undefined, sources: {} }
  const { callback = true, report = true, sources = {} } = given === true ? {} : given
  for (const [directive, values] of Object.entries(sources)) {
    const invalid = DIRECTIVE.test(directive) ? values.find((value) => BREAKS_POLICY.test(value) || value === '') : directive
    if (invalid === undefined) continue
    throw new Error(
      `[latchkey] "hardening.sources" has ${JSON.stringify(invalid)}. Expected directives with lists of sources, such as { 'img-src': ['https://images.example.com'] }.`,
    )
  }
  return { callback, report: report === true ? FOLDER : report || undefined, sources }
}
