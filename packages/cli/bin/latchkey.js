#!/usr/bin/env node
// In git, so that a package manager can link the command before `dist` is built.
import { main } from '../dist/main.js'
import { endWithoutReader } from '../dist/output.js'

endWithoutReader(process.stdout)
process.exitCode = await main(process.argv.slice(2))
