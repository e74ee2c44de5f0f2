// The callback page of popups, under 2 kB: the app does not start there.
import { relayCallback } from '@latchkey/core/callback'

void relayCallback()
