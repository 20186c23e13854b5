import { expect, type Locator, type Page } from '@playwright/test'

/** Presses Tab until the element has the focus, as somebody without a mouse does. */
export async function tabTo(page: Page, wanted: Locator, atMost = 80) {
  await expect(wanted.first()).toBeVisible()
  for (let pressed = 0; pressed < atMost; pressed++) {
    if (await wanted.first().evaluate((element) => element === document.activeElement)) {
      await expectFocusVisible(page)
      return
    }
    await page.keyboard.press('Tab')
  }
  throw new Error(`${wanted} was not reached with ${atMost} presses of Tab`)
}

/** Whatever has the focus can be seen: on the screen, not covered, with an outline or a shadow. */
export async function expectFocusVisible(page: Page) {
  const seen = await page.evaluate(() => {
    const element = document.activeElement
    if (!element || element === document.body) return 'nothing has the focus'
    // Radio buttons are often drawn by their label.
    const drawn = element instanceof HTMLInputElement && element.labels?.[0] ? [element, element.labels[0], element.parentElement!] : [element]
    const box = drawn.map((one) => one.getBoundingClientRect()).find((one) => one.width > 4 && one.height > 4)
    if (!box) return 'has no size'
    if (box.bottom <= 0 || box.top >= innerHeight) return 'is outside the window'
    const styles = drawn.flatMap((one) => [getComputedStyle(one), getComputedStyle(one, '::before'), getComputedStyle(one, '::after')])
    const marked = styles.some((style) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none')
    return marked ? 'yes' : `${element.outerHTML.slice(0, 120)} shows no focus`
  })
  expect.soft(seen, 'focus').toBe('yes')
}
