import { expect, test } from '../support/practice.ts'
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts'
import { chooseTime } from '../support/booking.ts'
import { become } from '../support/people.ts'
import type { Page } from '@playwright/test'

// What it changes is everybody's.
test.use({ alone: true })

const said = (page: Page, words: string) => expect(page.getByRole('status').filter({ hasText: words })).toBeVisible()
const fine = async (page: Page, what: string) => {
  await expectAccessible(page, what)
  await expectNoSidewaysScroll(page, what)
}

test('a therapist changes a length and a price, and whoever books sees them', async ({ page, another, watch }) => {
  watch.expect(/422/)
  await become(page, 'Ada')
  await page.goto('/admin/more')
  await page.getByRole('link', { name: 'Session types' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Session types' })).toBeVisible()
  await fine(page, 'the list of session types')
  await page.getByRole('main').getByRole('link', { name: 'Discovery call' }).click()
  await fine(page, 'a session type')
  await page.getByLabel('Minutes', { exact: true }).fill('2')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByRole('alert').getByRole('link', { name: 'A session lasts between 5 and 480 minutes.' })).toBeVisible()
  await fine(page, 'a session type that is refused')
  await page.getByLabel('Minutes', { exact: true }).fill('25')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await said(page, 'Saved.')

  const visitor = await another()
  await visitor.goto('/book/discovery-call')
  await expect(visitor.getByRole('main')).toContainText('25 minutes')

  await page.goto('/admin/session-types')
  await page.getByRole('main').getByRole('link', { name: 'Couples session' }).click()
  await page.getByLabel('List price').fill('119.50')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await said(page, 'Saved.')
  await visitor.goto('/session-types/couples-session')
  await expect(visitor.getByRole('main')).toContainText('£119.50')

  // Off the public pages, and back.
  await page.getByRole('button', { name: 'Stop offering it' }).click()
  await said(page, 'It is not offered any more.')
  const gone = await visitor.request.get('/session-types/couples-session')
  expect(gone.status()).toBe(410)
  expect(await gone.text()).toContain('This session is not offered any more')
  await page.getByRole('button', { name: 'Offer Couples session again' }).click()
  await said(page, 'It is offered again.')
  await visitor.goto('/session-types/couples-session')
  await expect(visitor.getByRole('main')).toContainText('£119.50')
})

test('new rules for cancelling count for new sessions', async ({ page, another }) => {
  await become(page, 'Ada')
  await page.goto('/admin/policy')
  await fine(page, 'the rules for cancelling')
  await page.getByLabel('Hours before, step 1').fill('72')
  await page.getByLabel('Percent of the price, step 1').fill('40')
  await page.getByLabel('Hours before, step 2').fill('')
  await page.getByLabel('Percent of the price, step 2').fill('')
  await page.getByRole('button', { name: 'See what this would mean' }).click()
  const preview = page.locator('#preview')
  await expect(preview).toContainText('£30, 40 % until it begins')
  await expect(preview).toContainText('Nothing is published yet.')
  await page.getByRole('button', { name: 'Publish' }).click()
  await said(page, 'Published. New bookings follow these rules')
  await expect(page.getByRole('main')).toContainText('Free until 72 hours before, then 40 %')
  await fine(page, 'the rules once published')

  const client = await another()
  await become(client, 'Mei-Ling')
  const section = client.getByRole('main').locator('section').filter({ has: client.getByRole('heading', { name: 'What cancelling costs' }) })
  await client.getByRole('link', { name: /^See Individual session/ }).first().click()
  await expect(section, 'what was booked keeps its rules').toContainText('50 %')
  await chooseTime(client, 20, 'individual-session')
  await client.getByRole('button', { name: 'Continue' }).click()
  await expect(section).toContainText('40 % until it begins')
  await expect(section).not.toContainText('50 %')
})

test('limits and rooms are changed where they are shown', async ({ page }) => {
  await become(page, 'Ada')
  await page.goto('/admin/limits')
  await fine(page, 'the limits of the calendar')
  await page.getByLabel('Sessions a day at most').fill('4')
  await page.getByLabel('Standing places are in the calendar').selectOption({ label: '8 weeks' })
  await page.getByRole('button', { name: 'Save' }).click()
  await said(page, 'Saved.')
  await expect(page.getByLabel('Sessions a day at most')).toHaveValue('4')
  await page.getByRole('main').getByRole('link', { name: 'Rooms' }).click()
  await fine(page, 'the rooms')
  await page.getByLabel('Name', { exact: true }).fill('The attic')
  await page.getByRole('button', { name: 'Add it' }).click()
  await said(page, 'The room is added.')
  await page.getByRole('button', { name: 'Take The attic out of use' }).click()
  await said(page, 'The room is out of use.')
  await page.getByRole('button', { name: 'Use The attic again' }).click()
  await said(page, 'The room is in use again.')
  await fine(page, 'the rooms after a change')
})
