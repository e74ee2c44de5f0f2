import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import { type Connection, type ConnectionProblems, connectionProblems } from './connection.js'

interface ConnectionFormProps {
  readonly initial: Connection
  readonly onSubmit: (connection: Connection) => void
  /** Called with valid values that are not to be saved yet. */
  readonly onCheck: (connection: Connection) => void
  /** Called when a value changes: the result of a check is about other values. */
  readonly onChange: () => void
}

/** A form for issuer, client ID and scope. It is submitted only if all are valid; otherwise the first invalid field gets the focus. */
export function ConnectionForm({ initial, onSubmit, onCheck, onChange }: ConnectionFormProps): ReactNode {
  const [values, setValues] = useState(initial)
  const [problems, setProblems] = useState<ConnectionProblems>({})
  const form = useRef<HTMLFormElement>(null)
  const change = (field: keyof Connection, value: string): void => {
    setValues({ ...values, [field]: value })
    setProblems({ ...problems, [field]: undefined })
    onChange()
  }
  const validate = (onValid: (connection: Connection) => void): void => {
    const trimmed = { issuer: values.issuer.trim(), clientId: values.clientId.trim(), scope: values.scope.trim() }
    const found = connectionProblems(trimmed)
    setProblems(found)
    const first = Object.keys(found)[0]
    if (first) form.current?.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus()
    else onValid(trimmed)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    validate(onSubmit)
  }
  const field = (name: keyof Connection): object => ({
    name,
    value: values[name],
    error: problems[name],
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: FormEvent<HTMLInputElement>) => change(name, event.currentTarget.value),
  })
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput label="Issuer" description="Exactly as in the server’s metadata." {...field('issuer')} />
        <TextInput label="Client ID" description="As registered at the server." {...field('clientId')} />
        <TextInput label="Scope" description="Without “openid”, the server returns no ID token." {...field('scope')} />
        <Group>
          <Button type="submit">Use this server</Button>
          <Button variant="default" onClick={() => validate(onCheck)}>
            Check it first
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
