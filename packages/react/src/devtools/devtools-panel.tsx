'use client'
import type { OAuthClient } from '@latchkey/core'
import type { ReactElement } from 'react'
import { DoctorView } from './doctor-view.js'
import { EventLog } from './event-log.js'
import { IdTokenView } from './id-token-view.js'
import { MessageTimeline } from './message-timeline.js'
import { SessionView } from './session-view.js'
import { TabsView } from './tabs-view.js'
import { recorderOf } from './with-devtools.js'

/** Everything about one client, in columns. */
export function DevtoolsPanel({ client }: { readonly client: OAuthClient<unknown> }): ReactElement {
  const recorder = recorderOf(client)
  return (
    <div className="lk-columns">
      <div className="lk-column">
        <SessionView client={client} />
        <TabsView client={client} />
        <EventLog client={client} />
      </div>
      <div className="lk-column">
        {recorder ? (
          <MessageTimeline recorder={recorder} />
        ) : (
          <p className="lk-note">
            To see protocol messages, pass the client’s options through withDevtools(), or use latchkey({'{ devtools: true }'}) of
            @latchkey/vite.
          </p>
        )}
      </div>
      <div className="lk-column">
        <IdTokenView client={client} recorder={recorder} />
        <DoctorView client={client} recorder={recorder} />
      </div>
    </div>
  )
}
