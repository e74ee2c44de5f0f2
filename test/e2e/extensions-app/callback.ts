// The page of under 2 kB that popups come back to: the app does not boot there.
import { relayCallback } from '@latchkey/core/callback'

void relayCallback()
