import { Button, Collapse, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { CodeIcon } from '@primer/octicons-react/CodeIcon'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { type ReactNode, useId } from 'react'
import { FieldList, type ListedField } from './field-list.js'
import { Secret } from './secret.js'

interface TokenViewProps {
  /** Used in the labels of the buttons, for example “ID token”. */
  readonly name: string
  readonly token: string
}

/** A masked token. A JSON Web Token can be decoded, which does not verify it. */
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
            {isOpen ? 'Hide' : 'Decode'} the {name}
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
          An opaque token: only the server that issued it can read it.
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

/** @returns undefined if the token is not a JSON Web Token */
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
