import { useCallback, useMemo } from 'react'
import { useSearchParams } from 'wouter'

type State = Readonly<Record<string, string>>

/**
 * State of a page that is part of its URL, so that a copied link opens the page in the same state. The URL contains only
 * values that differ from the default.
 *
 * @param defaults names and default values; the same object at every render
 * @param choices the permitted values of a name; any other value in the URL is ignored
 */
export function usePageState<Values extends State>(
  defaults: Values,
  choices: { readonly [Name in keyof Values]?: readonly string[] } = {},
): readonly [Values, (changes: Partial<Values>) => void] {
  const [parameters, setParameters] = useSearchParams()
  const query = parameters.toString()
  const values = useMemo(() => readValues(defaults, choices, new URLSearchParams(query)), [defaults, choices, query])
  const change = useCallback(
    (changes: Partial<Values>) => {
      setParameters((previous) => withChanges(defaults, previous, changes), { replace: true })
    },
    [defaults, setParameters],
  )
  return [values, change]
}

function readValues<Values extends State>(
  defaults: Values,
  choices: { readonly [Name in keyof Values]?: readonly string[] },
  parameters: URLSearchParams,
): Values {
  const entries = Object.entries(defaults).map(([name, initial]) => {
    const value = parameters.get(name)
    const isPermitted = value !== null && (choices[name]?.includes(value) ?? true)
    return [name, isPermitted ? value : initial]
  })
  return Object.fromEntries(entries) as Values
}

function withChanges<Values extends State>(
  defaults: Values,
  previous: URLSearchParams,
  changes: Partial<Values>,
): URLSearchParams {
  const next = new URLSearchParams(previous)
  for (const [name, value] of Object.entries<string | undefined>(changes)) {
    if (value === undefined || value === defaults[name]) next.delete(name)
    else next.set(name, value)
  }
  return next
}
