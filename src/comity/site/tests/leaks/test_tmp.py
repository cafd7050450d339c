import time
def test_world(world):
    t=time.time()
    print(len(world.planted), world.at)
    for r in world.house.readers:
        b=world.browsers[r]
        t=time.time()
        n=0
        for p in world.planted.values():
            a=b.get(p.kind.address(p.row,"en")); n+=a.status==200
        print(r, n, time.time()-t)
