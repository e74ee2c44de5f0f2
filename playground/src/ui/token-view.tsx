import { Button, Collapse, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { CodeIcon } from '@primer/octicons-react/CodeIcon'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { type ReactNode, useId } from 'react'
import { FieldList, type ListedField } from './field-list.js'
import { Secret } from './secret.js'

interface TokenViewProps {
  /** What it is, for the buttons' names: “ID token”. */
  readonly name: string
  readonly token: string
}

/** A token, masked until somebody asks to see it, and what it says, decoded when somebody asks. Decoding is reading: it proves nothing. */
export function TokenView({ name, token }: TokenViewProps): ReactNode {
  const [isOpen, disclosure] = useDisclosure()
  const id = useId()
  const decoded = decode(token)
  return (
    <div>
      <Secret name={name} value={token}>
        {decoded && (
          <Button
            size="xs"
            variant="default"
            leftSection={<CodeIcon />}
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={disclosure.toggle}
          >
            {isOpen ? 'Close' : 'Decode'} the {name}
          </Button>
        )}
      </Secret>
      {decoded ? (
        <Collapse expanded={isOpen} id={id} mt="md">
          <Part title="Header" fields={decoded.header} />
          <Part title="Payload" fields={decoded.payload} />
        </Collapse>
      ) : (
        <Text size="sm" c="dimmed" mt="xs">
          It is opaque: it says nothing to anybody but the server that made it.
        </Text>
      )}
    </div>
  )
}

function Part({ title, fields }: { readonly title: string; readonly fields: readonly ListedField[] }): ReactNode {
  return (
    <>
      <Title order={3} size="h6" mt="sm" mb="xs">
        {title}
      </Title>
      <FieldList fields={fields} />
    </>
  )
}

/** @returns undefined when the token is no JSON Web Token */
function decode(
  token: string,
): { readonly header: readonly ListedField[]; readonly payload: readonly ListedField[] } | undefined {
  try {
    return { header: fieldsOf(decodeProtectedHeader(token)), payload: fieldsOf(decodeJwt(token)) }
  } catch {
    return undefined
  }
}

function fieldsOf(members: object): readonly ListedField[] {
  return Object.entries(members).map(([name, value]) => ({ name, value }))
}
