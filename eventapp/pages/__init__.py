"""The pages that bring every feature together: home, archive, a webinar's page, its replay."""
