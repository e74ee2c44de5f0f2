import { Text } from '@mantine/core'
import type { CSSProperties, ReactNode } from 'react'

/** Shows how the two channels are drawn: three small lanes, the middle one of the browser. */
export function ChannelLegend(): ReactNode {
  return (
    <div className="sequence-legend" style={{ '--parties': 3 } as CSSProperties}>
      <span className="sequence-sample" aria-hidden>
        <span className="sequence-arrow" data-direction="right" data-stops style={lane(0, 1)} />
        <span className="sequence-arrow" data-direction="right" style={lane(1, 1)} />
        <span className="sequence-stop" style={{ '--at': 1 } as CSSProperties} />
      </span>
      <Text size="xs">
        <b>Front channel:</b> in a URL that the browser opens
      </Text>
      <span className="sequence-sample" aria-hidden>
        <span className="sequence-arrow" data-direction="right" style={lane(0, 2)} />
        <span className="sequence-pass" style={{ '--at': 1 } as CSSProperties} />
      </span>
      <Text size="xs">
        <b>Back channel:</b> a direct request, in no URL that you see
      </Text>
    </div>
  )
}

function lane(start: number, span: number): CSSProperties {
  return { '--start': start, '--span': span } as CSSProperties
}
