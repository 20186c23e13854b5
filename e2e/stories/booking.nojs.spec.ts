import { expect, stranger, test } from '../support/practice.ts'
import { book, cancel, chooseTime, expectBooked, expectCrisisStrip, fillDetails, moveByLink, next } from '../support/booking.ts'
import { linkIn } from '../support/mailbox.ts'

test('a visitor books and cancels with plain forms', async ({ page, mailbox, clock, watch }) => {
  test.slow()
  const person = stranger('Nora Script')
  const chosen = await chooseTime(page, 14)
  await next(page).click()
  await expect(page.getByText(chosen.day).first()).toBeVisible()
  await fillDetails(page, person)
  await book(page).click()
  await expectBooked(page)

  // Nothing is sent twice when the page is loaded again.
  const confirmation = page.url()
  await page.reload()
  expect(page.url()).toBe(confirmation)
  await expectBooked(page)

  await clock.pastSecondThoughts()
  const mail = await mailbox.first(person.email)
  await page.goto(linkIn(mail, '/manage/'))
  await cancel(page).click()
  await expect(page.getByText(/cancelled/i).first()).toBeVisible()
  await expectCrisisStrip(page)
  expect(watch.asked(/\.(js|wasm)$/), 'nothing was scripted').toEqual([])
})

test('a visitor moves a call by the link of the mail with plain forms', async ({ page, mailbox, clock, watch }) => {
  test.slow()
  const person = stranger('Nils Shift')
  await chooseTime(page, 16)
  await next(page).click()
  await fillDetails(page, person)
  await book(page).click()
  await expectBooked(page)
  await clock.pastSecondThoughts()
  const manage = linkIn(await mailbox.first(person.email), '/manage/')
  const chosen = await moveByLink(page, manage, 17)
  await page.getByRole('button', { name: 'Move it' }).click()
  await expect(page.getByText('It is moved.')).toBeVisible()
  await expect(page.getByRole('main')).toContainText(chosen.day)
  await expectCrisisStrip(page)
  await page.goto(manage)
  await cancel(page).click()
  await expect(page.getByText(/cancelled/i).first()).toBeVisible()
  expect(watch.asked(/\.(js|wasm)$/), 'nothing was scripted').toEqual([])
})

test('what is missing is named, and what was typed stays', async ({ page, watch }) => {
  watch.expect(/422|400/)
  await chooseTime(page, 15)
  await next(page).click()
  await page.getByLabel('What should we call you?').fill('Half Filled')
  await page.getByLabel('Email').fill('not-an-address@')
  await page.getByLabel('Phone').fill('+44 20 7946 0123')
  // The browser's own check would stop the form first.
  await page.locator('form').evaluateAll((forms) => forms.forEach((form) => form.setAttribute('novalidate', '')))
  await book(page).click()
  await expect(page.getByRole('alert').first()).toBeVisible()
  await expect(page.getByLabel('What should we call you?')).toHaveValue('Half Filled')
  await expect(page.getByLabel('Email')).toHaveAttribute('aria-invalid', 'true')
  await expectCrisisStrip(page)
})

test('another month is a link away', async ({ page }) => {
  await page.goto('/book/discovery-call')
  const later = page.getByRole('link', { name: /^[A-Z][a-z]+ \d{4}$/ }).first()
  await expect(later).toBeVisible()
  await later.click()
  await expect(page).toHaveURL(/month=\d{4}-\d{2}/)
  await expect(page.getByRole('grid')).toBeVisible()
})

test('any place is found, and hours are counted as people do', async ({ page }) => {
  await page.goto('/book/discovery-call')
  await page.getByText('I am somewhere else').click()
  await page.getByLabel('A big city near you').fill('Buenos Aires')
  await page.getByRole('group').filter({ hasText: 'I am somewhere else' }).getByRole('button', { name: 'Show times' }).click()
  await expect(page.getByRole('group', { name: /Buenos Aires time/ })).toBeVisible()
  await page.getByRole('link', { name: 'Use a 12-hour clock' }).click()
  await expect(page.getByText(/^\d{1,2}:\d\d\s(am|pm)$/).first()).toBeVisible()
  await page.goto('/book/discovery-call')
  await expect(page.getByText(/^\d{1,2}:\d\d\s(am|pm)$/).first(), 'it is remembered').toBeVisible()
  await expect(page.getByRole('group', { name: /Buenos Aires time/ })).toBeVisible()
})
