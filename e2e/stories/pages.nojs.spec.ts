import { expect, test } from '../support/practice.ts'
import { expectCrisisStrip } from '../support/booking.ts'

for (const path of ['/', '/about', '/faq', '/contact', '/book', '/book/discovery-call', '/sign-in']) {
  test(`${path} says everything without scripts`, async ({ page }) => {
    const answer = await page.goto(path)
    expect(answer?.status()).toBe(200)
    await expect(page.locator('h1')).toHaveCount(1)
    await expect(page.locator('h1')).toBeVisible()
    expect((await page.getByRole('main').innerText()).length).toBeGreaterThan(80)
    await expectCrisisStrip(page)
  })
}

test('questions and answers can be read without scripts', async ({ page }) => {
  await page.goto('/faq')
  const questions = page.locator('main details')
  await expect(questions.first()).toHaveAttribute('open', /.*/)
  await expect(questions.nth(1)).not.toHaveAttribute('open', /.*/)
  await questions.nth(1).locator('summary').click()
  await expect(questions.nth(1)).toHaveAttribute('open', /.*/)
})
