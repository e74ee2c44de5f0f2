import { Badge, Code, List } from '@mantine/core'
import type { ReactNode } from 'react'
import { CodeCard } from '../../code/code-card.js'
import { oauth1Code } from '../../code/oauth1-sample.js'
import { consumer } from '../../oauth1/demo-provider.js'
import { OAuth1StoryCard } from '../../oauth1/oauth1-story-card.js'
import { placements, type Settings, signatureMethods } from '../../oauth1/settings.js'
import { StepsCard } from '../../oauth1/steps-card.js'
import { TamperingCard } from '../../oauth1/tampering-card.js'
import { useSettings } from '../../oauth1/use-settings.js'
import { useThreeLegs } from '../../oauth1/use-three-legs.js'
import { WholeSignIn } from '../../oauth1/whole-sign-in.js'
import { Card } from '../../ui/card.js'
import { Choice } from '../../ui/choice.js'
import { Page } from '../../ui/page.js'

export function OAuth1Page(): ReactNode {
  const [settings, change] = useSettings()
  return (
    <Page
      title="OAuth 1.0a"
      lead="The protocol before OAuth 2. The user allows the access on the provider’s page, as today, but the app signs every request with shared secrets instead of sending a token as it is."
      specs={['RFC 5849, section 2', 'RFC 5849, section 3.4']}
    >
      <Advice />
      <Card
        title="Client and signature"
        hint={
          <>
            The consumer key is <Code>{consumer.key}</Code>, the consumer secret is <Code>{consumer.secret}</Code>. Both are
            public demo values of the provider in this dev server.
          </>
        }
      >
        <Choice
          label="Signature method"
          options={signatureMethods}
          value={settings.signatureMethod}
          onChange={(signatureMethod) => change({ ...settings, signatureMethod })}
        />
        <Choice
          label="OAuth parameters in the"
          options={placements}
          value={settings.placement}
          onChange={(placement) => change({ ...settings, placement })}
        />
      </Card>
      <Steps key={`${settings.signatureMethod} ${settings.placement}`} settings={settings} />
      <WholeSignIn settings={settings} />
      <OAuth1StoryCard />
      <CodeCard code={oauth1Code(settings)} />
    </Page>
  )
}

/** Starts again if the settings change. */
function Steps({ settings }: { readonly settings: Settings }): ReactNode {
  const legs = useThreeLegs(settings)
  return (
    <>
      <StepsCard legs={legs} />
      <TamperingCard settings={settings} token={legs.state.token} />
    </>
  )
}

function Advice(): ReactNode {
  return (
    <Card
      title="When to use it"
      aside={
        <Badge color="red.9" tt="none">
          Legacy
        </Badge>
      }
    >
      <List size="sm" spacing="xs">
        <List.Item>
          Use it for a provider that has nothing newer, such as Discogs, Flickr, Tumblr, Magento or NetSuite, and for older APIs
          of your own company.
        </List.Item>
        <List.Item>
          Do not use it if the provider offers OAuth 2, or for a new API. A page cannot keep the consumer secret, tokens do not
          expire, and a signature fails if one character differs.
        </List.Item>
        <List.Item>
          Most of these APIs refuse requests from pages (CORS). Then send the signed requests through your own server: option{' '}
          <Code>proxy</Code> of <Code>@latchkey/oauth1</Code>.
        </List.Item>
      </List>
    </Card>
  )
}
