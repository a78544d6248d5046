"""Roll-up: what a consolidated workbook holds so that a city or a province can merge it again, exactly.

On a very hidden sheet there are texts of JSON, one below the other: what the workbook is (:mod:`terms`), then
each returned file with its sheets and findings (:mod:`records`), then a check of them all. :mod:`storing`
writes them, :mod:`merging` reads them for another campaign as if the files had been returned there.
"""
