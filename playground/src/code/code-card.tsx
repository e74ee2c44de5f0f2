import { Box, Button, CopyButton } from '@mantine/core'
import { CopyIcon } from '@primer/octicons-react/CopyIcon'
import { Highlight } from 'prism-react-renderer'
import type { ReactNode } from 'react'
import { Card } from '../ui/card.js'
import { codeTheme } from './code-theme.js'

interface CodeCardProps {
  readonly code: string
  readonly title?: string | undefined
  readonly hint?: string | undefined
}

/** The code that does in an app what the page has done, highlighted, with a button that copies it. */
export function CodeCard({ code, title = 'In your app', hint = 'This code does what the page does.' }: CodeCardProps): ReactNode {
  return (
    <Card
      title={title}
      hint={hint}
      aside={
        <CopyButton value={code}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" leftSection={<CopyIcon />} onClick={copy}>
              {copied ? 'Copied' : 'Copy the code'}
            </Button>
          )}
        </CopyButton>
      }
    >
      <CodeView code={code} />
    </Card>
  )
}

/** Highlighted TypeScript. */
export function CodeView({ code }: { readonly code: string }): ReactNode {
  return (
    <Highlight code={code.trim()} language="tsx" theme={codeTheme}>
      {({ style, tokens, getLineProps, getTokenProps }) => (
        <Box component="pre" className="code" style={style} tabIndex={0} role="group" aria-label="Code">
          {tokens.map((line, index) => (
            // Lines have no id, and two may be equal.
            <div key={index} {...getLineProps({ line })}>
              {line.map((token, position) => (
                <span key={position} {...getTokenProps({ token })} />
              ))}
            </div>
          ))}
        </Box>
      )}
    </Highlight>
  )
}
