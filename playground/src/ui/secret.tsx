import { Button, Code, CopyButton, Group, Stack } from '@mantine/core'
import { CopyIcon } from '@primer/octicons-react/CopyIcon'
import { EyeClosedIcon } from '@primer/octicons-react/EyeClosedIcon'
import { EyeIcon } from '@primer/octicons-react/EyeIcon'
import { type ReactNode, useState } from 'react'
import { mask } from '../network-log/masked-fields.js'

interface SecretProps {
  /** Used in the labels of the buttons, for example “access token”. */
  readonly name: string
  readonly value: string
  /** More buttons in the same row. */
  readonly children?: ReactNode
}

/** A secret, masked until the user clicks “Show”. */
export function Secret({ name, value, children }: SecretProps): ReactNode {
  const [isShown, setShown] = useState(false)
  return (
    <Stack gap="xs">
      <Code block className="secret" tabIndex={isShown ? 0 : -1} aria-label={isShown ? `The ${name}` : `The ${name}, masked`}>
        {isShown ? value : mask(value)}
      </Code>
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          aria-pressed={isShown}
          leftSection={isShown ? <EyeClosedIcon /> : <EyeIcon />}
          onClick={() => setShown(!isShown)}
        >
          {isShown ? 'Hide' : 'Show'} the {name}
        </Button>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" leftSection={<CopyIcon />} onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        {children}
      </Group>
    </Stack>
  )
}
