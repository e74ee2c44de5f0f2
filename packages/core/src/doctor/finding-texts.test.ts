import { describe, expect, it } from 'vitest'
import { FINDING_EXPLANATIONS, FINDING_TITLES } from './finding-texts.js'

describe('the texts of the findings', () => {
  it('explain each code in whole sentences', () => {
    expect(Object.keys(FINDING_EXPLANATIONS)).toEqual(Object.keys(FINDING_TITLES))
    for (const { meaning, fix } of Object.values(FINDING_EXPLANATIONS)) {
      expect(meaning).toMatch(/^[A-Z`].*\.$/)
      expect(fix).toMatch(/^[A-Z].*\.$/)
    }
  })
})
