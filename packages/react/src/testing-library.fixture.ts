import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'

// Imported for its effect: the library does this by itself only where test functions are globals.
afterEach(cleanup)
// A machine under load is no failure.
configure({ asyncUtilTimeout: 10_000 })
