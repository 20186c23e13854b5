// The picker, as people find things on it: by name.
import { expect, type Locator, type Page } from '@playwright/test'

export const freeDay = /\b[1-9]\d* times? available/

export function days(page: Page): Locator {
  const grid = page.getByRole('grid')
  return grid.getByRole('button', { name: freeDay }).or(grid.getByRole('link', { name: freeDay }))
}

export const times = (page: Page) => page.getByRole('group', { name: /times? (is|are) free/ })

/** Opens the picker and takes the nth free day and time, so that stories that run together do not meet. */
export async function chooseTime(page: Page, nth: number, type = 'discovery-call') {
  await page.goto(`/book/${type}`)
  return await chooseHere(page, nth)
}

/** The same in a picker that is open. */
export async function chooseHere(page: Page, nth: number) {
  const day = await dayHere(page, nth)
  const name = await nameOf(day)
  await day.click()
  await expect(times(page)).toBeVisible()
  // The legend names the chosen day: "Thursday 3 December".
  await expect(times(page)).toHaveAccessibleName(new RegExp(name.split(',')[0]!.trim()))
  const radios = times(page).getByRole('radio')
  const radio = radios.nth(nth % (await radios.count()))
  const at = await nameOf(radio)
  await page.locator(`label[for="${await radio.getAttribute('id')}"]`).or(radio.locator('xpath=ancestor::label[1]')).first().click()
  await expect(radio).toBeChecked()
  return { day: name.split(',')[0]!.trim(), at }
}

/** The nth free day from now on: at the end of a month few are left, so they go on into the next one. */
export async function dayHere(page: Page, nth: number): Promise<Locator> {
  await expect(days(page).first()).toBeVisible()
  const here = await days(page).count()
  if (nth < here) return days(page).nth(nth)
  const month = page.locator('#month')
  const name = await month.innerText()
  await page.locator('a.turn').last().click()
  await expect(month).not.toHaveText(name)
  await expect(days(page).first()).toBeVisible()
  return days(page).nth((nth - here) % (await days(page).count()))
}

export async function fillDetails(page: Page, person: { name: string; email: string; phone?: string }) {
  await page.getByLabel('What should we call you?').fill(person.name)
  await page.getByLabel('Email').fill(person.email)
  if (person.phone) await page.getByLabel(/^Phone/).fill(person.phone)
}

export const next = (page: Page) => page.getByRole('button', { name: 'Continue' })
export const book = (page: Page) => page.getByRole('button', { name: 'Book the call' })
export const cancel = (page: Page) => page.getByRole('button', { name: 'Cancel the call' })

export async function expectBooked(page: Page) {
  await expect(page).toHaveURL(/\/bookings\/[^/?]+/)
  await expect(page.getByRole('heading', { level: 1, name: /^You have a time/ })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Add to calendar (.ics)' })).toBeVisible()
  await expect(page.getByRole('link', { name: /Google Calendar/ })).toBeVisible()
  await expect(page.getByRole('link', { name: /Outlook/ })).toBeVisible()
  await expectCrisisStrip(page)
}

export async function expectCrisisStrip(page: Page) {
  await expect(page.locator('aside[aria-label*=risis]').first()).toBeVisible()
}

async function nameOf(element: Locator): Promise<string> {
  const labelled = await element.getAttribute('aria-label')
  if (labelled) return labelled
  const own = (await element.innerText().catch(() => '')).trim()
  if (own) return own.replace(/\s+/g, ' ')
  return await element.evaluate((node) => (node as HTMLInputElement).labels?.[0]?.textContent?.trim().replace(/\s+/g, ' ') ?? '')
}

/** Moves a session by the link of its mail to the nth free day and time; the answer is what was chosen. */
export async function moveByLink(page: Page, link: string, nth: number) {
  await page.goto(link)
  await page.getByRole('link', { name: 'Move it' }).click()
  await expect(page.getByRole('heading', { level: 1, name: /^Move it from / })).toBeVisible()
  const chosen = await chooseHere(page, nth)
  await next(page).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Move this appointment?' })).toBeVisible()
  await expect(page.getByRole('main')).toContainText(chosen.day)
  return chosen
}
