import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

const wcag22 = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** No violation of WCAG 2.2 AA that a machine can find. What it cannot find, the keyboard stories look at. */
export async function expectAccessible(page: Page, what = new URL(page.url()).pathname) {
  const { violations } = await new AxeBuilder({ page }).withTags(wcag22).analyze()
  const found = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `    ${node.target.join(' ')}  ${node.html.slice(0, 160)}`).join('\n')}`,
  )
  expect.soft(found, `accessibility of ${what}`).toEqual([])
}

/** Nothing is cut off on the right, and nobody has to scroll sideways. */
export async function expectNoSidewaysScroll(page: Page, what = new URL(page.url()).pathname) {
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth] as const)
  expect.soft(wide, `width of ${what}`).toBeLessThanOrEqual(window)
}
