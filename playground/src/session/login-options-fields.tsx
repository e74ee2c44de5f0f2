import { Group, NumberInput, Select, TextInput } from '@mantine/core'
import type { LoginOptions } from '@latchkey/core'
import type { ReactNode } from 'react'

/** The values of the form, as in the URL of the page; empty fields are not sent. */
export type LoginFormValues = Readonly<Record<'prompt' | 'loginHint' | 'maxAge', string>>

/** Sends the request without options. */
export const emptyLoginForm: LoginFormValues = { prompt: '', loginHint: '', maxAge: '' }

/** @returns the options for `login` */
export function loginOptions({ prompt, loginHint, maxAge }: LoginFormValues): LoginOptions {
  const seconds = maxAge === '' ? undefined : Number(maxAge)
  return { prompt: prompt || undefined, loginHint: loginHint || undefined, maxAge: seconds }
}

const prompts = [
  { value: 'login', label: 'login: sign in again' },
  { value: 'select_account', label: 'select_account: choose a user' },
  { value: 'consent', label: 'consent: ask for permission again' },
  { value: 'none', label: 'none: show no page' },
]

/** The permitted values of a link to the page. */
export const loginFormChoices = { prompt: ['', ...prompts.map(({ value }) => value)], maxAge: /^\d{0,9}$/ }

interface LoginOptionsFieldsProps {
  readonly values: LoginFormValues
  readonly onChange: (values: LoginFormValues) => void
}

/** Parameters that control the server's sign-in page (OpenID Connect Core 1.0, section 3.1.2.1). */
export function LoginOptionsFields({ values, onChange }: LoginOptionsFieldsProps): ReactNode {
  return (
    <Group align="start" grow preventGrowOverflow={false}>
      <Select
        label="prompt"
        description="If you are signed in at the server"
        placeholder="not sent"
        data={prompts}
        value={values.prompt || null}
        onChange={(prompt) => onChange({ ...values, prompt: prompt ?? '' })}
        clearable
        clearButtonProps={{ 'aria-label': 'Clear the prompt' }}
        miw={230}
      />
      <TextInput
        label="login_hint"
        description="The user to sign in"
        placeholder="not sent"
        value={values.loginHint}
        onChange={(event) => onChange({ ...values, loginHint: event.currentTarget.value })}
      />
      <NumberInput
        label="max_age"
        description="Maximum age of the sign-in, in seconds"
        placeholder="not sent"
        min={0}
        max={999_999_999}
        clampBehavior="strict"
        allowDecimal={false}
        allowNegative={false}
        value={values.maxAge}
        onChange={(maxAge) => onChange({ ...values, maxAge: String(maxAge) })}
      />
    </Group>
  )
}
