import { Group, NumberInput, Select, TextInput } from '@mantine/core'
import type { LoginOptions } from '@latchkey/core'
import type { ReactNode } from 'react'

/** What the form holds; empty where nothing was chosen. */
export interface LoginFormValues {
  readonly prompt: string | null
  readonly loginHint: string
  readonly maxAge: number | ''
}

export const emptyLoginForm: LoginFormValues = { prompt: null, loginHint: '', maxAge: '' }

export function loginOptions({ prompt, loginHint, maxAge }: LoginFormValues): LoginOptions {
  return { ...(prompt && { prompt }), ...(loginHint && { loginHint }), ...(maxAge !== '' && { maxAge }) }
}

const prompts = [
  { value: 'login', label: 'login: sign in again' },
  { value: 'select_account', label: 'select_account: choose who' },
  { value: 'consent', label: 'consent: ask what the app may do' },
  { value: 'none', label: 'none: show no page at all' },
]

interface LoginChoicesFieldsProps {
  readonly choices: LoginFormValues
  readonly onChange: (choices: LoginFormValues) => void
}

/** What an authorization request can ask of the server's sign-in (OpenID Connect Core 1.0, section 3.1.2.1). */
export function LoginOptionsFields({ choices, onChange }: LoginChoicesFieldsProps): ReactNode {
  return (
    <Group align="start" grow preventGrowOverflow={false}>
      <Select
        label="prompt"
        description="If the server knows you already"
        placeholder="let it decide"
        data={prompts}
        value={choices.prompt}
        onChange={(prompt) => onChange({ ...choices, prompt })}
        clearable
        clearButtonProps={{ 'aria-label': 'Let the server decide' }}
        miw={230}
      />
      <TextInput
        label="login_hint"
        description="Whom you want to be"
        placeholder="anybody"
        value={choices.loginHint}
        onChange={(event) => onChange({ ...choices, loginHint: event.currentTarget.value })}
      />
      <NumberInput
        label="max_age"
        description="Seconds since the sign-in"
        placeholder="any"
        min={0}
        value={choices.maxAge}
        onChange={(maxAge) => onChange({ ...choices, maxAge: typeof maxAge === 'number' ? maxAge : '' })}
      />
    </Group>
  )
}
