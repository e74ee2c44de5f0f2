import { configure } from '@testing-library/react'

// On a busy machine, the first sign-in of a test file may take longer than the default second.
configure({ asyncUtilTimeout: 10_000 })
