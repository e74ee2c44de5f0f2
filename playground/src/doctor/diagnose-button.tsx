import { Button, Group, Stack } from '@mantine/core'
import { useOAuth } from '@latchkey/react'
import type { ReactNode } from 'react'
import { DiagnosisView } from './diagnosis-view.js'
import { useDiagnosis } from './use-diagnosis.js'

/** A button that examines the playground's client, with the result below it. */
export function DiagnoseButton(): ReactNode {
  const { client } = useOAuth()
  const examination = useDiagnosis()
  return (
    <Stack gap="sm">
      <Group>
        <Button
          size="xs"
          variant="default"
          loading={examination.isRunning}
          onClick={() => examination.examine(({ diagnose }) => diagnose(client))}
        >
          Find out why
        </Button>
      </Group>
      <DiagnosisView {...examination} />
    </Stack>
  )
}
