"""Cannot be imported, and says why in a way that tries to become script."""

raise RuntimeError("broken on purpose <script>window.__hit=1</script>")
