import { expect, test } from '../support/practice.ts'
import { AxeBuilder } from '@axe-core/playwright'

// What GraphiQL itself does: editors whose hidden text areas have no label, tabs with a small button inside.
const ofGraphiql = ['label', 'nested-interactive', 'scrollable-region-focusable', 'target-size']

test('somebody who writes programs asks the API in the explorer, under its own policy', async ({ page }) => {
  test.slow()
  const answer = await page.goto('/graphql/explorer')
  const policy = answer!.headers()['content-security-policy'] ?? ''
  for (const rule of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"]) expect(policy).toContain(rule)
  expect(policy.split(';').find((rule) => rule.trim().startsWith('script-src'))).not.toMatch(/unsafe|https?:|\*/)

  const editor = page.getByRole('region', { name: 'Query Editor' })
  const result = page.getByRole('region', { name: 'Result Window' })
  await expect(editor).toBeVisible()
  const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
  const { violations } = await new AxeBuilder({ page }).withTags(wcag).disableRules(ofGraphiql).analyze()
  expect.soft(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`)).toEqual([])

  // The examples work on this very practice.
  for (const [tab, says] of [
    ['Practice', 'Europe/London'],
    ['Availability', '"availability"'],
    ['HoldSlot', 'userErrors'],
    ['Booking', '"booking": null'],
    ['ExplainStart', 'offered'],
    ['Viewer', '"user": null'],
  ] as const) {
    await page.getByRole('tab', { name: tab, exact: false }).first().click()
    // GraphiQL reads the name of the operation a moment after its tab opens.
    await expect(async () => {
      await page.getByRole('button', { name: /^Execute query/ }).click()
      await expect(result, tab).toContainText(says, { timeout: 1000 })
      await expect(result, tab).not.toContainText('"extensions"')
    }).toPass({ timeout: 10_000 })
  }

  // The schema is there to be read.
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click()
  const manual = page.getByRole('region', { name: 'Documentation Explorer' })
  await manual.getByRole('link', { name: 'Mutation', exact: true }).click()
  await expect(manual).toContainText('bookDiscovery')
})
